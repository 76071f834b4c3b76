-- what has not ended is few beside what has: counted every few seconds for the dashboards
create index application_open on application (state) where state not in ('COMPLETED', 'REFUSED');
