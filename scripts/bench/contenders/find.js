// What `awsfed migrate` finds and reads before it plans. Bundled before it is run, as the published package is.
import os from 'node:os'
import { find } from '../../../src/migrate/find/find.ts'

const { counts, repositories } = await find([process.argv[2] ?? '.'], os.homedir())
console.log(`${counts.repositories} repositories, ${repositories.length} of CodeCommit`)
