package io.mailferry.simulator.mail;

import java.util.List;

/**
 * Who a mail is from or to.
 *
 * @param name as shown, in any script
 * @param address SMTP
 */
public record Person(String name, String address) {
    private static final List<String> FIRST = List.of(
            "Anna", "Björn", "Chloé", "Dmitri", "Élodie", "Faruk", "Grete", "健", "Ирина", "José", "Łukasz", "Mary");
    private static final List<String> FIRST_ASCII = List.of(
            "anna", "bjoern", "chloe", "dmitri", "elodie", "faruk", "grete", "ken", "irina", "jose", "lukasz", "mary");
    private static final List<String> LAST =
            List.of("Marsh", "Öztürk", "Petrov", "Quinn", "Rivière", "Søren", "田中", "Ünal", "Vogel", "O'Weary, Jr.");
    private static final List<String> LAST_ASCII =
            List.of("marsh", "oeztuerk", "petrov", "quinn", "riviere", "soren", "tanaka", "uenal", "vogel", "oweary");

    static Person any(Chance chance) {
        int first = chance.below(FIRST.size());
        int last = chance.below(LAST.size());
        String local = FIRST_ASCII.get(first) + "." + LAST_ASCII.get(last) + chance.below(1000);
        return new Person(FIRST.get(first) + " " + LAST.get(last), local + "@" + chance.pick(Phrases.DOMAINS));
    }

    /** Neither name nor address is for logs. */
    @Override
    public String toString() {
        return "Person";
    }
}
