/** The vendor's announcements as data: which builds do what to MAPI backup, which agents are affected, what to do. Knows no server and decides nothing about one. */
@NullMarked
package io.mailferry.planner.rule;

import org.jspecify.annotations.NullMarked;
