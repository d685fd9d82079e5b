/** What the rules mean for each backup set: a verdict with its rule, its facts and a sentence. Never guesses: what is missing makes a verdict that asks. */
@NullMarked
package io.mailferry.planner.risk;

import org.jspecify.annotations.NullMarked;
