package city.madang.journey;

import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** The main job and every flow in one city, which is searched for personal data at the end. */
@Suite
@SelectClasses({
    JourneyTest.class,
    IssuanceFlowsTest.class,
    PresentationFlowsTest.class,
    StatusFlowsTest.class,
    WalletsOfOthersTest.class,
    EntryTest.class,
    AgencyEntryTest.class,
    BrowserTest.class,
    CurlExamplesTest.class,
    NothingPersonalTest.class
})
class CityAtPeaceSuite {}
