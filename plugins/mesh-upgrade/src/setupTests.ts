import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// A loaded machine renders a screen of Material UI slower than the default of one second.
configure({ asyncUtilTimeout: 10_000 });
jest.setTimeout(60_000);
