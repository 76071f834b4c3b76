package city.madang.identity.agencies;

/** A CDI event: an agency's keys, certificates, rights or standing were changed and committed in this process. */
public record AgencyChanged(String agency) {}
