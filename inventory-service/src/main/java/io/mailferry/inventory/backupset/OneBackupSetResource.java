package io.mailferry.inventory.backupset;

import io.mailferry.access.operator.Roles;
import io.mailferry.contracts.id.BackupSetId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** One backup set, for operators. */
@Path("/api/v1/backup-sets/{backupSet}")
@Produces(MediaType.APPLICATION_JSON)
final class OneBackupSetResource {
    private final BackupSetList list;

    OneBackupSetResource(BackupSetList list) {
        this.list = list;
    }

    @GET
    @RolesAllowed(Roles.VIEWER)
    public BackupSetList.BackupSet one(@PathParam("backupSet") BackupSetId backupSet) {
        return list.one(backupSet);
    }
}
