// What the compiler and prettier leave open: promises nobody waits for, hidden clocks and dice, and the sizes that keep a
// file readable. Layers, unused exports and workflows are checked by tests/checks.

import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

const CLOCK = 'ask src/lib/clock.ts, or take the instant as an argument: a replay has its own time'
const OUTSIDE = 'take it as an argument: only scripts read arguments and environment, and only they exit'

const CLOCK_AND_DICE = [
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: `new Date() reads the clock: ${CLOCK}`,
  },
  { selector: 'CallExpression[callee.name="Date"]', message: `Date() reads the clock: ${CLOCK}` },
  { selector: 'MemberExpression[object.name="Date"][property.name="now"]', message: CLOCK },
  { selector: 'MemberExpression[object.name="Math"][property.name="random"]', message: CLOCK },
  { selector: 'MemberExpression[object.name="performance"][property.name="now"]', message: CLOCK },
]

const PROCESS = ['env', 'argv', 'exit', 'exitCode'].map((property) => ({
  selector: `MemberExpression[object.name="process"][property.name="${property}"]`,
  message: `process.${property}: ${OUTSIDE}`,
}))

const SINK = 'src/lib/output.ts is the one way out: say, sayJson, note, annotate, summarise, putOut'
const PRINTING = [
  { selector: 'MemberExpression[object.name="process"][property.name=/^(stdout|stderr)$/]', message: SINK },
  { selector: 'MemberExpression[object.name="console"]', message: SINK },
  { selector: 'CallExpression[callee.name=/^write(File)?(Sync)?$/][arguments.0.value=/^[12]$/]', message: SINK },
  { selector: 'CallExpression[callee.name=/^(append|write)File(Sync)?$/] Identifier[name=/^GITHUB_/]', message: SINK },
  { selector: ':matches(ImportDeclaration, ImportExpression)[source.value=/^@actions.core/]', message: SINK },
  { selector: 'CallExpression[callee.property.name="_rawDebug"]', message: SINK },
]

// `list[index]!` is allowed: noUncheckedIndexedAccess cannot see that a loop stays within its list.
const NON_NULL = {
  selector: 'TSNonNullExpression:not([expression.computed=true])',
  message: 'say what happens when it is missing; "!" is for list[index] only',
}

// Files that are, or speak for, a process of their own; each with its reason.
const PROCESS_OWNERS = [
  'src/lib/embedded-postgres/keeper.ts', // the program of a process of its own
  'src/replay/child.ts', // hands its environment on to the doors that it starts
]

export default defineConfig(
  { ignores: ['node_modules/', '.matchday/', 'dashboards/**/dist/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      // node:test's own promises are watched by its runner.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'it', 'suite', 'describe'] },
          ],
        },
      ],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all', ignoreUsingDeclarations: true },
      ],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/require-await': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: 'error',
      'no-console': 'error',
      'no-debugger': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-fallthrough': 'error',
      'no-var': 'error',
      'prefer-const': ['error', { ignoreReadBeforeAssign: true }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration, TSModuleDeclaration[kind="namespace"]', message: 'use a string union' },
        NON_NULL,
        ...CLOCK_AND_DICE,
        ...PROCESS,
        ...PRINTING,
      ],
      // It counts every `??` and `?.` as a branch, so a long list of defaults looks tangled before it is.
      complexity: ['error', 15],
      'max-depth': ['error', 3],
      'max-params': ['error', 3],
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', 60],
    },
  },
  {
    // Doors: they read arguments and environment, and they set the exit code.
    files: ['scripts/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...CLOCK_AND_DICE, ...PRINTING] },
  },
  { files: PROCESS_OWNERS, rules: { 'no-restricted-syntax': ['error', NON_NULL, ...CLOCK_AND_DICE, ...PRINTING] } },
  {
    files: ['src/lib/output.ts'],
    rules: { 'no-console': 'off', 'no-restricted-syntax': ['error', NON_NULL, ...CLOCK_AND_DICE] },
  },
  // In the reader's browser there is no other clock.
  { files: ['dashboards/site/client/**/*.ts'], rules: { 'no-restricted-syntax': ['error', NON_NULL, ...PRINTING] } },
  { files: ['src/lib/clock.ts'], rules: { 'no-restricted-syntax': ['error', ...PROCESS, ...PRINTING] } },
  {
    // A test's story is long rather than clever, and its fixtures know what they hold.
    files: ['tests/**/*.ts', 'tests/**/*.tsx'],
    rules: {
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
      'max-lines-per-function': 'off',
      'max-params': ['error', 4],
      'no-console': 'off',
      'no-restricted-syntax': 'off',
    },
  },
)
