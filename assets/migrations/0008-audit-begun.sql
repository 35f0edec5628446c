-- From here on an empty chain has a sealed head as well (the program, which has the key, writes it as this is applied): a
-- chain without a head was emptied. Nothing to change in the tables.

SELECT 1;
