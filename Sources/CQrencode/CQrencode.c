#include "CQrencode.h"

#include <qrencode.h>

int cqrencode_encode(const char *text, int level, int version, unsigned char *modules, size_t capacity)
{
    // With a version given, libqrencode takes a larger one where the text needs it: that is no fit.
    QRcode *code = QRcode_encodeString(text, version, (QRecLevel)level, QR_MODE_8, 1);
    if (!code)
        return 0;
    int width = code->width;
    size_t count = (size_t)width * (size_t)width;
    if (count > capacity || (version && code->version != version))
        width = 0;
    for (size_t i = 0; width && i < count; i++)
        modules[i] = code->data[i] & 1;
    QRcode_free(code);
    return width;
}
