package io.mailferry.inventory.mailbox;

import io.mailferry.access.operator.Roles;
import io.mailferry.contracts.id.MailboxId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** One mailbox, with its address. */
@Path("/api/v1/mailboxes/{mailbox}")
@Produces(MediaType.APPLICATION_JSON)
final class OneMailboxResource {
    private final MailboxList list;

    OneMailboxResource(MailboxList list) {
        this.list = list;
    }

    @GET
    @RolesAllowed(Roles.OPERATOR)
    public MailboxList.Mailbox one(@PathParam("mailbox") MailboxId mailbox) {
        return list.one(mailbox);
    }
}
