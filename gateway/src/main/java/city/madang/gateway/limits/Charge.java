package city.madang.gateway.limits;

import city.madang.gateway.routing.Rate;

/**
 * One request to be taken out of one bucket.
 *
 * @param policy what the bucket is called towards callers: {@code caller}, {@code agency}, {@code route}
 * @param bucket names it among all
 * @param rate how it fills
 */
public record Charge(String policy, String bucket, Rate rate) {}
