// Whether something is drawn inside a page's main landmark: what can stand with and without a frame around it brings its own where there is none.
import { createContext } from 'react';

export const InsideMain = createContext(false);
