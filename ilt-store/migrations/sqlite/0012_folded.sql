-- People are found and sorted without accents. How a name is folded is known to the program, which does it after this for whoever has
-- nothing here.
DROP INDEX person_by_name;
DROP INDEX person_by_dealer;
UPDATE person SET folded = '';
CREATE INDEX person_by_name ON person (folded, id);
CREATE INDEX person_by_dealer ON person (dealer_id, folded, id);
