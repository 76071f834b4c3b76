package city.madang.records.catalogue.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads how an application is decided and how long things take. */
final class TermsReader {

    static final int MOST_HOLIDAYS = 200;

    private static final List<String> WEEK = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
    private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9]");
    private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9_+/-]{1,50}");
    private static final ZoneId CITY = ZoneId.of("Asia/Seoul");

    private final Members members;

    TermsReader(Members members) {
        this.members = members;
    }

    /** @param names of the record's facts, which are all that a rule may judge */
    Deciding deciding(JsonNode decision, Set<String> names) {
        if (decision.isObject()) {
            return rule(decision, names);
        }
        return switch (decision.asText()) {
            case "automatic" -> new Deciding.Automatic();
            case "officer" -> new Deciding.ByOfficer();
            default -> {
                members.wrong("/decision", "must be \"automatic\", \"officer\" or a rule");
                yield new Deciding.Automatic();
            }
        };
    }

    private Deciding rule(JsonNode rule, Set<String> names) {
        members.only(rule, "/decision", Set.of("grant_when", "otherwise", "reason"));
        JsonNode when = rule.path("grant_when");
        members.schema(when, "/decision/grant_when");
        when.path("properties").fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                members.wrong("/decision/grant_when/properties/" + Pointer.escape(name), "names no fact of the record");
            }
        });
        String otherwise = rule.path("otherwise").asText();
        if (!otherwise.equals("officer") && !otherwise.equals("refused")) {
            members.wrong("/decision/otherwise", "must be \"officer\" or \"refused\"");
        }
        boolean officer = otherwise.equals("officer");
        if (officer && rule.has("reason")) {
            members.wrong("/decision/reason", "is of no use where an officer gives the reason");
        }
        @Nullable Text reason = officer ? null : members.text(rule, "/decision", "reason", Members.LONGEST_TITLE);
        return new Deciding.ByRule(when, officer, reason);
    }

    Terms terms(JsonNode definition) {
        int expires =
                members.number(definition, "", "expires_after_days", 1, Terms.LONGEST_DAYS, Terms.EXPIRES_AFTER_DAYS);
        JsonNode review = definition.path("review");
        JsonNode appeal = definition.path("appeal");
        if (!review.isMissingNode()) {
            members.only(review, "/review", Set.of("answer_days"));
        }
        int answers = members.number(review, "/review", "answer_days", 1, Terms.LONGEST_DAYS, Terms.ANSWER_DAYS);
        int appeals = 0;
        if (!appeal.isMissingNode()) {
            members.only(appeal, "/appeal", Set.of("days"));
            appeals = members.number(appeal, "/appeal", "days", 1, Terms.LONGEST_DAYS);
        }
        return new Terms(
                expires, answers, appeals, level(definition.get("service_level")), renewal(definition.get("renewal")));
    }

    private Terms.@Nullable Renewal renewal(@Nullable JsonNode renewal) {
        if (renewal == null) {
            return null;
        }
        members.only(renewal, "/renewal", Set.of("days_before_end", "days_after_end", "fee"));
        int before = members.number(renewal, "/renewal", "days_before_end", 1, DefinitionReader.LONGEST_VALIDITY_DAYS);
        int after = members.number(renewal, "/renewal", "days_after_end", 0, Terms.LONGEST_DAYS, 0);
        JsonNode fee = renewal.get("fee");
        return new Terms.Renewal(before, after, fee == null ? null : members.fee(fee, "/renewal/fee", 0));
    }

    private Terms.@Nullable Level level(@Nullable JsonNode level) {
        if (level == null) {
            return null;
        }
        String at = "/service_level";
        members.only(level, at, Set.of("working_days", "calendar"));
        int days = members.number(level, at, "working_days", 1, Terms.LONGEST_DAYS);
        return new Terms.Level(days, calendar(level.path("calendar"), at + "/calendar"));
    }

    private WorkingTime calendar(JsonNode calendar, String at) {
        if (!calendar.isMissingNode()) {
            members.only(calendar, at, Set.of("zone", "days", "from", "to", "holidays"));
        }
        LocalTime from = time(calendar, at, "from", LocalTime.of(9, 0));
        LocalTime to = time(calendar, at, "to", LocalTime.of(18, 0));
        if (!from.isBefore(to)) {
            members.wrong(at + "/to", "must be after from");
            to = LocalTime.MAX;
            from = LocalTime.MIN;
        }
        return new WorkingTime(zone(calendar, at), days(calendar, at), from, to, holidays(calendar, at));
    }

    private ZoneId zone(JsonNode calendar, String at) {
        if (!calendar.has("zone")) {
            return CITY;
        }
        try {
            return ZoneId.of(members.matching(calendar, at, "zone", ZONE));
        } catch (DateTimeException unknown) {
            members.wrong(at + "/zone", "must be a time zone such as Asia/Seoul");
            return CITY;
        }
    }

    private LocalTime time(JsonNode calendar, String at, String member, LocalTime absent) {
        if (!calendar.has(member)) {
            return absent;
        }
        String time = members.matching(calendar, at, member, TIME);
        return TIME.matcher(time).matches() ? LocalTime.parse(time) : absent;
    }

    private Set<DayOfWeek> days(JsonNode calendar, String at) {
        if (!calendar.has("days")) {
            return Set.of(
                    DayOfWeek.MONDAY, DayOfWeek.TUESDAY, DayOfWeek.WEDNESDAY, DayOfWeek.THURSDAY, DayOfWeek.FRIDAY);
        }
        Set<DayOfWeek> days = new HashSet<>();
        JsonNode listed = calendar.path("days");
        for (JsonNode day : listed) {
            int index = WEEK.indexOf(day.asText());
            if (index < 0 || !days.add(DayOfWeek.of(index + 1))) {
                members.wrong(at + "/days", "must name days of the week once each, as " + WEEK);
                return Set.of(DayOfWeek.MONDAY);
            }
        }
        if (days.isEmpty()) {
            members.wrong(at + "/days", "must name at least one day of the week");
            return Set.of(DayOfWeek.MONDAY);
        }
        return days;
    }

    private Set<LocalDate> holidays(JsonNode calendar, String at) {
        Set<LocalDate> holidays = new HashSet<>();
        JsonNode listed = calendar.path("holidays");
        if (!listed.isMissingNode() && (!listed.isArray() || listed.size() > MOST_HOLIDAYS)) {
            members.wrong(at + "/holidays", "must be a list of at most " + MOST_HOLIDAYS + " dates");
            return holidays;
        }
        for (int i = 0; i < listed.size(); i++) {
            try {
                holidays.add(LocalDate.parse(listed.path(i).asText()));
            } catch (DateTimeException malformed) {
                members.wrong(at + "/holidays/" + i, "must be a date such as 2026-10-03");
            }
        }
        return holidays;
    }
}
