package city.madang.kit.html;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HtmlTest {

    @Test
    void what_others_wrote_ends_neither_its_element_nor_its_attribute() {
        assertEquals(
                "&lt;script&gt;a(&quot;b&quot;)&lt;/script&gt; &#39; onload=&#39;c &amp;amp; 마당",
                Html.escaped("<script>a(\"b\")</script> ' onload='c &amp; 마당"));
    }
}
