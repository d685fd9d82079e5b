package io.mailferry.deploy.dashboard;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Just enough of PromQL to tell which metrics an expression names. */
final class PromQl {
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'");
    private static final Pattern MATCHERS = Pattern.compile("\\{[^}]*}");
    private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
    private static final Pattern LABELS =
            Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern OFFSET = Pattern.compile("\\boffset\\s+-?[0-9a-z]+");
    private static final Pattern NAME =
            Pattern.compile("(?<![0-9A-Za-z_:$.])([A-Za-z_:][A-Za-z0-9_:]*)(?!\\s*\\()(?![A-Za-z0-9_:])");
    private static final Set<String> WORDS =
            Set.of("and", "or", "unless", "bool", "group_left", "group_right", "Inf", "NaN", "inf", "nan");

    private PromQl() {}

    static Set<String> metricNames(String expression) {
        String rest = expression;
        for (Pattern notMetric : new Pattern[] {STRING, MATCHERS, RANGE, LABELS, OFFSET}) {
            rest = notMetric.matcher(rest).replaceAll(" ");
        }
        Set<String> names = new TreeSet<>();
        Matcher name = NAME.matcher(rest);
        while (name.find()) {
            if (!WORDS.contains(name.group(1))) {
                names.add(name.group(1));
            }
        }
        return names;
    }

    /** The expression as Grafana would send it when everything is chosen and the range is short. */
    static String withVariables(String expression) {
        return expression
                .replace("$__rate_interval", "1m")
                .replace("$__interval", "15s")
                .replace("$__range", "5m")
                .replaceAll("\\$(?:\\{(\\w+)(?::\\w+)?}|(\\w+))", ".+");
    }
}
