package city.madang.identity.presentation.checks;

import city.madang.identity.dcql.PresentedCredential;

/** One presentation that passed the checks of its format. */
record Checked(PresentedCredential credential, Verdict.StatusQuestion status) {}
