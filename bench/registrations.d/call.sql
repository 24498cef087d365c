\set number :number + 1
\set learner :client_id * :each + :number
\set session (:learner * 7919) % :among + 1
SELECT ilt.bench_register(:learner::bigint, :session::bigint);
