package io.mailferry.planner.rule;

/** A rule file that cannot be used. The service does not start with one: a wrong rule would be worse than none. */
final class RuleFileInvalid extends RuntimeException {
    RuleFileInvalid(String file, int line, String wrong, String remedy) {
        super(file + ", line " + line + ": " + wrong + "; " + remedy);
    }
}
