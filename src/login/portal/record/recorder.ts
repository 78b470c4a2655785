import { scanDocument } from '../inPage.ts'
import { recordDocument } from './inPage.ts'
import { selectorsIn } from './selectors.ts'

/** The source of what records a document; it is called with the function that takes each act as JSON. */
export const recorder = `(tell) => { const scan = ${scanDocument}; (${recordDocument})(scan, (${selectorsIn})(scan), tell) }`
