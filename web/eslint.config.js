import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** shared → features → app: a layer may use only what stands to its left, and one feature never another. */
const none = (...group) => ['error', { patterns: [{ group, message: 'shared → features/<slice> → app' }] }];
const features = ['session', 'room', 'records', 'archive'];

export default tseslint.config(
  { ignores: ['dist', 'node_modules'] },
  ...tseslint.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['error', { max: 350 }],
      'react-hooks/set-state-in-effect': 'off',
      'react-hooks/refs': 'off',
    },
  },
  { files: ['src/shared/**'], rules: { 'no-restricted-imports': none('**/features/**', '**/app/**') } },
  ...features.map((slice) => ({
    files: [`src/features/${slice}/**`],
    rules: {
      'no-restricted-imports': none('**/app/**', ...features.filter((f) => f !== slice).map((f) => `**/${f}/**`)),
    },
  })),
);
