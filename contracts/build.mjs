// Compiles the contracts to the artifacts that the Java side carries, or with --check compares them with a rebuild.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const solc = require('solc')
const here = dirname(fileURLToPath(import.meta.url))
const artifactsDir = join(here, 'src/main/resources/city/madang/contracts')
const contracts = ['Ledger', 'LedgerReader', 'Anchor']

const settings = {
  viaIR: true,
  optimizer: { enabled: true, runs: 1000000 },
  evmVersion: 'osaka',
  // no metadata in the code: it is the same bytes wherever and whenever it is compiled
  metadata: { bytecodeHash: 'none', appendCBOR: false },
}

const input = {
  language: 'Solidity',
  sources: Object.fromEntries(
    contracts.map((name) => [`${name}.sol`, { content: readFileSync(join(here, 'src', `${name}.sol`), 'utf8') }]),
  ),
  settings: {
    ...settings,
    outputSelection: {
      '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object', 'evm.deployedBytecode.immutableReferences'] },
    },
  },
}

const readImport = (path) => {
  if (!path.startsWith('@openzeppelin/contracts/')) return { error: `not an import of this project: ${path}` }
  return { contents: readFileSync(require.resolve(path), 'utf8') }
}

const output = JSON.parse(solc.compile(JSON.stringify(input), { import: readImport }))
const problems = output.errors ?? []
for (const problem of problems) console.error(problem.formattedMessage)
// a warning is a fault too: what the compiler doubts does not hold money
if (problems.length > 0) process.exit(1)

let stale = false
for (const name of contracts) {
  const { abi, evm } = output.contracts[`${name}.sol`][name]
  if (Object.keys(evm.deployedBytecode.immutableReferences ?? {}).length > 0) {
    throw new Error(`${name} has immutables, so its deployed code could not be compared with the artifact`)
  }
  const artifact = {
    contract: name,
    compiler: solc.version(),
    settings,
    abi,
    bytecode: `0x${evm.bytecode.object}`,
    deployedBytecode: `0x${evm.deployedBytecode.object}`,
  }
  const text = `${JSON.stringify(artifact, null, 2)}\n`
  const file = join(artifactsDir, `${name}.json`)
  if (process.argv.includes('--check')) {
    let committed = ''
    try {
      committed = readFileSync(file, 'utf8')
    } catch {
      // missing counts as different
    }
    if (committed !== text) {
      console.error(`${name}.json is not what ${name}.sol compiles to: run "npm run build" and commit the result`)
      stale = true
    }
  } else {
    mkdirSync(artifactsDir, { recursive: true })
    writeFileSync(file, text)
    console.log(`${name}: ${evm.deployedBytecode.object.length / 2} bytes deployed`)
  }
}
if (stale) process.exit(1)
