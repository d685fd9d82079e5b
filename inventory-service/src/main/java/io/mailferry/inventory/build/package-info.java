/**
 * What Exchange builds are called: the catalogue of {@code exchange-builds.csv} and the names derived from it. Never decides
 * what a build means for a backup; that is the planner's rules.
 */
@NullMarked
package io.mailferry.inventory.build;

import org.jspecify.annotations.NullMarked;
