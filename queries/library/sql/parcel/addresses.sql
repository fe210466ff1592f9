SELECT DISTINCT address FROM parcel WHERE watch = $watch AND address <> ''
