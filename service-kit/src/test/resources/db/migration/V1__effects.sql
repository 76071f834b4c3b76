create table effect (
    event uuid not null,
    subject text not null,
    step int not null,
    noted bigint generated always as identity primary key
);
