// Where the people of the demo live. Cities are real; streets, areas and postal codes (ending in 000) are invented.

export interface City {
  name: string;
  district: string;
  state: string;
  postalCode: string;
  /** Degrees, of the city as a whole. */
  latitude: number;
  longitude: number;
  streets: readonly string[];
  /** Key of the hospital that people here go to. */
  hospital: string;
}

export const cities = {
  bengaluru: {
    name: 'Bengaluru',
    district: 'Bengaluru Urban',
    state: 'Karnataka',
    postalCode: '560000',
    latitude: 12.97,
    longitude: 77.59,
    streets: ['Neem Tree Layout, 3rd Cross', 'Honge Avenue', 'Old Mulberry Road'],
    hospital: 'kaveri',
  },
  pune: {
    name: 'Pune',
    district: 'Pune',
    state: 'Maharashtra',
    postalCode: '411000',
    latitude: 18.52,
    longitude: 73.86,
    streets: ['Kadamb Path', 'Teen Vihir Lane', 'Parijat Colony'],
    hospital: 'neelkamal',
  },
  chennai: {
    name: 'Chennai',
    district: 'Chennai',
    state: 'Tamil Nadu',
    postalCode: '600000',
    latitude: 13.08,
    longitude: 80.27,
    streets: ['Punnai Street', 'Second Lantern Street'],
    hospital: 'kaveri',
  },
  lucknow: {
    name: 'Lucknow',
    district: 'Lucknow',
    state: 'Uttar Pradesh',
    postalCode: '226000',
    latitude: 26.85,
    longitude: 80.95,
    streets: ['Gulmohar Gali', 'Itr Wali Gali'],
    hospital: 'neelkamal',
  },
  kolkata: {
    name: 'Kolkata',
    district: 'Kolkata',
    state: 'West Bengal',
    postalCode: '700000',
    latitude: 22.57,
    longitude: 88.36,
    streets: ['Shiuli Lane', 'Paper Boat Street'],
    hospital: 'hooghly',
  },
  ludhiana: {
    name: 'Ludhiana',
    district: 'Ludhiana',
    state: 'Punjab',
    postalCode: '141000',
    latitude: 30.9,
    longitude: 75.86,
    streets: ['Tahli Road', 'Loom Market Street'],
    hospital: 'neelkamal',
  },
  ahmedabad: {
    name: 'Ahmedabad',
    district: 'Ahmedabad',
    state: 'Gujarat',
    postalCode: '380000',
    latitude: 23.03,
    longitude: 72.58,
    streets: ['Borsalli Society', 'Patang Street'],
    hospital: 'neelkamal',
  },
  kochi: {
    name: 'Kochi',
    district: 'Ernakulam',
    state: 'Kerala',
    postalCode: '682000',
    latitude: 9.93,
    longitude: 76.27,
    streets: ['Elanji Lane', 'Ferry View Road'],
    hospital: 'kaveri',
  },
  hyderabad: {
    name: 'Hyderabad',
    district: 'Hyderabad',
    state: 'Telangana',
    postalCode: '500000',
    latitude: 17.39,
    longitude: 78.49,
    streets: ['Tangedu Colony', 'Bangle Maker Street'],
    hospital: 'kaveri',
  },
  bhubaneswar: {
    name: 'Bhubaneswar',
    district: 'Khordha',
    state: 'Odisha',
    postalCode: '751000',
    latitude: 20.3,
    longitude: 85.82,
    streets: ['Ketaki Vihar', 'Bell Metal Lane'],
    hospital: 'hooghly',
  },
  guwahati: {
    name: 'Guwahati',
    district: 'Kamrup Metropolitan',
    state: 'Assam',
    postalCode: '781000',
    latitude: 26.14,
    longitude: 91.74,
    streets: ['Nahor Path', 'Second Ferry Lane'],
    hospital: 'hooghly',
  },
  jaipur: {
    name: 'Jaipur',
    district: 'Jaipur',
    state: 'Rajasthan',
    postalCode: '302000',
    latitude: 26.91,
    longitude: 75.79,
    streets: ['Rohida Marg', 'Blue Tile Lane'],
    hospital: 'neelkamal',
  },
} as const satisfies Record<string, City>;

export type CityKey = keyof typeof cities;

/** A number of the range kept for the demo: +91 90000 4xxxx. `serial` below 10000. */
export function demoPhone(serial: number): string {
  return `+91900004${String(serial).padStart(4, '0')}`;
}
