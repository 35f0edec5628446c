-- Names are folded with letters that have no mark to drop written out: what was kept before is brought to that.

UPDATE meshes SET name_folded =
    replace(replace(replace(replace(replace(replace(replace(replace(replace(name_folded,
        'ł', 'l'), 'ß', 'ss'), 'ø', 'o'), 'đ', 'd'), 'ð', 'd'), 'þ', 'th'), 'æ', 'ae'), 'œ', 'oe'), 'ı', 'i');
