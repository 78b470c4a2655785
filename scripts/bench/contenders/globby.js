// The repositories alone, nothing read.
import { globby } from 'globby'

const found = await globby('**/.git', {
  cwd: process.argv[2] ?? '.',
  dot: true,
  onlyFiles: false,
  expandDirectories: false,
  ignore: ['**/node_modules'],
})
console.log(`${found.length} repositories`)
