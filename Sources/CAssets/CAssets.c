// The assets, embedded. To add one: an array with its #embed and a line in the table, in the order of the names.
// A test walks assets/ and names what is missing here.

#include "CAssets.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASSET static const unsigned char

ASSET completions_bash[] = {
#embed "../../assets/completions/claudemesh.bash"
};
ASSET completions_fish[] = {
#embed "../../assets/completions/claudemesh.fish"
};
ASSET completions_zsh[] = {
#embed "../../assets/completions/claudemesh.zsh"
};
ASSET l10n_en[] = {
#embed "../../assets/l10n/en.json"
};
ASSET l10n_es[] = {
#embed "../../assets/l10n/es.json"
};
ASSET migration_0001[] = {
#embed "../../assets/migrations/0001-accounts.sql"
};
ASSET migration_0002[] = {
#embed "../../assets/migrations/0002-device-codes.sql"
};
ASSET migration_0003[] = {
#embed "../../assets/migrations/0003-meshes.sql"
};
ASSET migration_0004[] = {
#embed "../../assets/migrations/0004-audit.sql"
};
ASSET migration_0005[] = {
#embed "../../assets/migrations/0005-idempotency.sql"
};
ASSET migration_0006[] = {
#embed "../../assets/migrations/0006-invites.sql"
};
ASSET migration_0007[] = {
#embed "../../assets/migrations/0007-presence.sql"
};
ASSET migration_0008[] = {
#embed "../../assets/migrations/0008-audit-begun.sql"
};
ASSET migration_0009[] = {
#embed "../../assets/migrations/0009-live-codes.sql"
};
ASSET migration_0010[] = {
#embed "../../assets/migrations/0010-mesh-heads.sql"
};
ASSET migration_0011[] = {
#embed "../../assets/migrations/0011-topics.sql"
};
ASSET migration_0012[] = {
#embed "../../assets/migrations/0012-messages.sql"
};
ASSET migration_0013[] = {
#embed "../../assets/migrations/0013-who-may.sql"
};
ASSET migration_0014[] = {
#embed "../../assets/migrations/0014-folded-letters.sql"
};
ASSET migration_0015[] = {
#embed "../../assets/migrations/0015-message-indexes.sql"
};
ASSET migration_0016[] = {
#embed "../../assets/migrations/0016-ended-credentials.sql"
};
ASSET migration_0017[] = {
#embed "../../assets/migrations/0017-silence.sql"
};
ASSET migration_0018[] = {
#embed "../../assets/migrations/0018-chains.sql"
};
ASSET openapi[] = {
#embed "../../assets/openapi.json"
};
ASSET web_card[] = {
#embed "../../assets/web/card.mustache"
};
ASSET web_code[] = {
#embed "../../assets/web/code.mustache"
};
ASSET web_copy[] = {
#embed "../../assets/web/copy.js"
};
ASSET web_dashboard[] = {
#embed "../../assets/web/dashboard.mustache"
};
ASSET web_forgot[] = {
#embed "../../assets/web/forgot.mustache"
};
ASSET web_icon[] = {
#embed "../../assets/web/icon.svg"
};
ASSET web_invite[] = {
#embed "../../assets/web/invite.mustache"
};
ASSET web_invites[] = {
#embed "../../assets/web/invites.mustache"
};
ASSET web_layout[] = {
#embed "../../assets/web/layout.mustache"
};
ASSET web_live[] = {
#embed "../../assets/web/live.js"
};
ASSET web_login[] = {
#embed "../../assets/web/login.mustache"
};
ASSET web_logout[] = {
#embed "../../assets/web/logout.mustache"
};
ASSET web_mesh[] = {
#embed "../../assets/web/mesh.mustache"
};
ASSET web_message[] = {
#embed "../../assets/web/message.mustache"
};
ASSET web_password[] = {
#embed "../../assets/web/password.mustache"
};
ASSET web_register[] = {
#embed "../../assets/web/register.mustache"
};
ASSET web_reset[] = {
#embed "../../assets/web/reset.mustache"
};
ASSET web_sessions[] = {
#embed "../../assets/web/sessions.mustache"
};
ASSET web_settings_nav[] = {
#embed "../../assets/web/settings-nav.mustache"
};
ASSET web_style[] = {
#embed "../../assets/web/style.css"
};
ASSET web_tokens[] = {
#embed "../../assets/web/tokens.mustache"
};

struct asset {
    const char *name;
    const unsigned char *bytes;
    size_t length;
};

#define ENTRY(name, array) {name, array, sizeof array}

static const struct asset assets[] = {
    ENTRY("completions/claudemesh.bash", completions_bash),
    ENTRY("completions/claudemesh.fish", completions_fish),
    ENTRY("completions/claudemesh.zsh", completions_zsh),
    ENTRY("l10n/en.json", l10n_en),
    ENTRY("l10n/es.json", l10n_es),
    ENTRY("migrations/0001-accounts.sql", migration_0001),
    ENTRY("migrations/0002-device-codes.sql", migration_0002),
    ENTRY("migrations/0003-meshes.sql", migration_0003),
    ENTRY("migrations/0004-audit.sql", migration_0004),
    ENTRY("migrations/0005-idempotency.sql", migration_0005),
    ENTRY("migrations/0006-invites.sql", migration_0006),
    ENTRY("migrations/0007-presence.sql", migration_0007),
    ENTRY("migrations/0008-audit-begun.sql", migration_0008),
    ENTRY("migrations/0009-live-codes.sql", migration_0009),
    ENTRY("migrations/0010-mesh-heads.sql", migration_0010),
    ENTRY("migrations/0011-topics.sql", migration_0011),
    ENTRY("migrations/0012-messages.sql", migration_0012),
    ENTRY("migrations/0013-who-may.sql", migration_0013),
    ENTRY("migrations/0014-folded-letters.sql", migration_0014),
    ENTRY("migrations/0015-message-indexes.sql", migration_0015),
    ENTRY("migrations/0016-ended-credentials.sql", migration_0016),
    ENTRY("migrations/0017-silence.sql", migration_0017),
    ENTRY("migrations/0018-chains.sql", migration_0018),
    ENTRY("openapi.json", openapi),
    ENTRY("web/card.mustache", web_card),
    ENTRY("web/code.mustache", web_code),
    ENTRY("web/copy.js", web_copy),
    ENTRY("web/dashboard.mustache", web_dashboard),
    ENTRY("web/forgot.mustache", web_forgot),
    ENTRY("web/icon.svg", web_icon),
    ENTRY("web/invite.mustache", web_invite),
    ENTRY("web/invites.mustache", web_invites),
    ENTRY("web/layout.mustache", web_layout),
    ENTRY("web/live.js", web_live),
    ENTRY("web/login.mustache", web_login),
    ENTRY("web/logout.mustache", web_logout),
    ENTRY("web/mesh.mustache", web_mesh),
    ENTRY("web/message.mustache", web_message),
    ENTRY("web/password.mustache", web_password),
    ENTRY("web/register.mustache", web_register),
    ENTRY("web/reset.mustache", web_reset),
    ENTRY("web/sessions.mustache", web_sessions),
    ENTRY("web/settings-nav.mustache", web_settings_nav),
    ENTRY("web/style.css", web_style),
    ENTRY("web/tokens.mustache", web_tokens),
};

size_t assets_count(void) { return sizeof assets / sizeof *assets; }

const char *assets_name(size_t index) { return index < assets_count() ? assets[index].name : ""; }

#ifdef DEBUG

// What was read from the folder stays, since callers keep the pointer.
static struct asset *read_assets;
static size_t read_count;
static pthread_mutex_t read_lock = PTHREAD_MUTEX_INITIALIZER;

static const struct asset *read_from(const char *folder, const struct asset *embedded) {
    for (size_t i = 0; i < read_count; i++)
        if (read_assets[i].name == embedded->name) return &read_assets[i];
    if (!read_assets) read_assets = calloc(assets_count(), sizeof *read_assets);
    char path[4096];
    if (!read_assets || snprintf(path, sizeof path, "%s/%s", folder, embedded->name) >= (int)sizeof path) return NULL;
    FILE *file = fopen(path, "rbe");
    if (!file) return NULL;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    unsigned char *bytes = size >= 0 ? malloc((size_t)size + 1) : NULL;
    size_t length = bytes ? fread(bytes, 1, (size_t)size, file) : 0;
    fclose(file);
    if (!bytes) return NULL;
    read_assets[read_count] = (struct asset){embedded->name, bytes, length};
    return &read_assets[read_count++];
}

static const struct asset *choose(const struct asset *embedded) {
    const char *folder = getenv("CLAUDEMESH_ASSETS");
    if (!folder || !*folder) return embedded;
    pthread_mutex_lock(&read_lock);
    const struct asset *read = read_from(folder, embedded);
    pthread_mutex_unlock(&read_lock);
    return read ? read : embedded;
}

#else

static const struct asset *choose(const struct asset *embedded) { return embedded; }

#endif

const unsigned char *assets_find(const char *name, size_t *length) {
    for (size_t i = 0; i < assets_count(); i++) {
        if (strcmp(assets[i].name, name) != 0) continue;
        const struct asset *found = choose(&assets[i]);
        *length = found->length;
        return found->bytes;
    }
    return NULL;
}

static size_t string_end(const unsigned char *json, size_t at, size_t length) {
    for (;;) {
        const unsigned char *quote = memchr(json + at, '"', length - at);
        if (!quote) return length;
        at = (size_t)(quote - json) + 1;
        size_t slashes = 0;
        while (json[at - 2 - slashes] == '\\') slashes++;
        if (slashes % 2 == 0) return at;
    }
}

size_t assets_object_end(const unsigned char *json, size_t start, size_t length) {
    size_t depth = 0;
    for (size_t at = start; at < length;) {
        switch (json[at++]) {
        case '"': at = string_end(json, at, length); break;
        case '{': depth++; break;
        case '}':
            if (--depth == 0) return at;
            break;
        }
    }
    return length;
}
