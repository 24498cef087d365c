-- People are found and sorted without accents. How a name is folded is known to the program, which does it after this for whoever has
-- nothing here. Folded names are letters without a language: they are in one order everywhere.
DROP INDEX person_by_name;
DROP INDEX person_by_dealer;
ALTER TABLE person ALTER COLUMN folded TYPE TEXT COLLATE "C";
UPDATE person SET folded = '';
CREATE INDEX person_by_name ON person (folded, id);
CREATE INDEX person_by_dealer ON person (dealer_id, folded, id);
