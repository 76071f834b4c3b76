package city.madang.journey;

import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** What is killed and what is away, in a city of its own beside the other, which is searched for personal data as well. */
@Suite
@SelectClasses({KillTest.class, OutageTest.class, NothingPersonalInTroubleTest.class})
class CityInTroubleSuite {}
