// Where the parts of pdf.js lie that it asks for itself: fonts that files name without bringing them, tables of characters, decoders.
// The number is the version of the package, since what lies under `assets` is kept by browsers for a year.

export const PDF_ASSETS = '/assets/pdf-6.5.438/';
