import { Section } from './section.tsx';

/** What others would have a switch for. */
export function PrivacySection() {
  return (
    <Section title="Privacy">
      <p>
        Sonde looks for no updates and sends nothing about you, this computer or your devices to anyone. There is no
        switch for it because there is nothing to switch: the window reaches no network, and sessions talk to the
        devices you name, over SSH.
      </p>
    </Section>
  );
}
