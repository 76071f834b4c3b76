-- ISO/IEC 18013-5 (second edition) section 12.3.6.5: a status list for mdocs has one bit for each. New copies get places in such lists;
-- copies that were issued stay where their status says.
update credential_type set status_bits = 1 where format = 'mso_mdoc' and status_bits > 1;
