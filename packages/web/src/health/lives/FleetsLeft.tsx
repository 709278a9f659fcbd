/** Beside a case or a watch: what the lives of others like it tell, where there are any. */

import type { FleetEstimate } from '@tidegate/platform/northbound/contract/healthLives.ts';
import { Fragment } from 'react';
import { type Choice, formatChoice } from '../../console/choice.ts';
import { spoken } from '../cases/caseWords.ts';
import { useFleet } from '../useHealth.ts';
import { FleetLeft } from './FleetLeft.tsx';
import { SurvivorPlot } from './SurvivorPlot.tsx';

/** Where the equipment shows nothing of its wear, the ages of others are the evidence. */
function Ages({ lives }: { readonly lives: string }) {
  const fleet = useFleet(lives).data;
  return fleet ? <SurvivorPlot fleet={fleet} /> : null;
}

interface FleetsLeftProps {
  readonly estimates: readonly FleetEstimate[];
  readonly choice: Choice;
  readonly nowMs: number;
}

export function FleetsLeft({ estimates, choice, nowMs }: FleetsLeftProps) {
  return estimates.map((estimate) => {
    const { lives, asset } = estimate;
    return (
      <Fragment key={lives}>
        <FleetLeft estimate={estimate} nowMs={nowMs}>
          <span>
            Life left, by{' '}
            <a href={formatChoice({ ...choice, part: 'lives', lives, asset: asset.path })}>{spoken(lives)}</a> of others
          </span>
        </FleetLeft>
        {estimate.method !== 'signals' && estimate.life && <Ages lives={lives} />}
      </Fragment>
    );
  });
}
