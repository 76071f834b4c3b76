package city.madang.records.applications.course;

/**
 * What an application needs before it ends, fixed when it is submitted.
 *
 * @param presents whether credentials must be shown
 * @param fee in won, 0 if there is none
 * @param officer whether an officer decides
 * @param credential whether a credential comes with the record
 */
public record Plan(boolean presents, long fee, boolean officer, boolean credential) {}
