package io.mailferry.planner.rule;

/** What a range of builds does to backup by MAPI; each constant is worse than the one before. */
public enum MapiEffect {
    WORKS,
    /** Everything but public folders is still backed up. */
    LOSES_PUBLIC_FOLDERS,
    /** Jobs stop, and what was backed up cannot be restored to the server. */
    STOPS;

    public boolean isWorseThan(MapiEffect other) {
        return compareTo(other) > 0;
    }
}
