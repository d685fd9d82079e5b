package io.mailferry.access.operator;

import java.util.Set;

/** What operators may do, as words for {@code @RolesAllowed}. Constants, since annotations take nothing else. */
public final class Roles {
    /** Sees states, counts and progress; never content. */
    public static final String VIEWER = "viewer";

    /** Connects servers, starts exports and verifications. Includes {@link #VIEWER}. */
    public static final String OPERATOR = "operator";

    /** The second person for what cannot be undone. Includes {@link #VIEWER} and is included in nothing. */
    public static final String APPROVER = "approver";

    /** Browses and gives back content. Includes {@link #VIEWER} and is included in nothing. */
    public static final String RESTORER = "restorer";

    /** Makes tenants and enrolment tokens. Includes {@link #OPERATOR}. */
    public static final String ADMIN = "admin";

    private Roles() {}

    /**
     * The role itself and what it includes.
     *
     * @throws IllegalArgumentException for a word that is no role
     */
    static Set<String> includedIn(String role) {
        return switch (role) {
            case ADMIN -> Set.of(ADMIN, OPERATOR, VIEWER);
            case OPERATOR -> Set.of(OPERATOR, VIEWER);
            case APPROVER -> Set.of(APPROVER, VIEWER);
            case RESTORER -> Set.of(RESTORER, VIEWER);
            case VIEWER -> Set.of(VIEWER);
            default -> throw new IllegalArgumentException("a role is none of those known here");
        };
    }
}
