// The way into the guided flow: to the first question that has no answer yet.
import { useEffect } from 'react';
import { useNavigate } from '@tanstack/react-router';
import { beginStep } from '../../paths.ts';
import { useRecordFacts } from '../facts/record-facts.ts';
import { firstOpenStep } from './steps.ts';

export function BeginPage() {
  const { facts } = useRecordFacts();
  const navigate = useNavigate();
  const href = beginStep(firstOpenStep(facts)?.id ?? 'you');
  useEffect(() => void navigate({ href, replace: true }), [navigate, href]);
  return null;
}
