// Stands for a library inside the drawing library that writes XML: nothing here reads or writes scene files.
export function create(): never {
  throw new Error('scene files are not read here');
}
