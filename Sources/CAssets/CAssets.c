// Every asset, by an explicit list. To add one: its bytes and its row below; a test walks assets/ and names what is missing.
#include "CAssets.h"
#include <string.h>

static const unsigned char l10n_en[] = {
#embed "../../assets/l10n/en.json"
};
static const unsigned char l10n_es[] = {
#embed "../../assets/l10n/es.json"
};

static const struct {
    const char *name;
    const unsigned char *bytes;
    size_t length;
} assets[] = {
    {"l10n/en.json", l10n_en, sizeof l10n_en},
    {"l10n/es.json", l10n_es, sizeof l10n_es},
};

const unsigned char *assets_find(const char *name, size_t *length) {
    for (size_t i = 0; i < sizeof assets / sizeof *assets; i++) {
        if (strcmp(assets[i].name, name) == 0) {
            *length = assets[i].length;
            return assets[i].bytes;
        }
    }
    return NULL;
}
