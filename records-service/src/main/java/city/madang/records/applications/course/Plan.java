package city.madang.records.applications.course;

/**
 * What an application needs before it ends, fixed when it is submitted.
 *
 * @param presents whether credentials must be shown
 * @param fee in won, 0 if there is none
 * @param decidedBy who decides
 * @param credential whether a credential comes with the record
 * @param appealDays how long a refusal may be appealed against, 0 if it may not
 * @param renews whether it renews a record, which ends when this one has come to its end
 */
public record Plan(
        boolean presents, long fee, DecidedBy decidedBy, boolean credential, int appealDays, boolean renews) {}
