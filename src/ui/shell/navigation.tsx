import { NavLink, ScrollArea, Stack, Text } from '@mantine/core';
import {
  Activity,
  Archive,
  BookOpen,
  Bug,
  ClipboardList,
  Eye,
  FileText,
  HardDrive,
  LayoutDashboard,
  type LucideIcon,
  RotateCcw,
  Settings,
  Users,
  Workflow,
} from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { useMay } from '../data/program';
import { shellTexts as texts } from '../texts/shell';
import { Brand } from './brand';
import { Me } from './me';

interface Entry {
  href: string;
  label: string;
  Icon: LucideIcon;
}

const NOW: Entry[] = [
  { href: '/', label: texts.dashboard, Icon: LayoutDashboard },
  { href: '/active', label: texts.active, Icon: Activity },
  { href: '/realtime', label: texts.realtime, Icon: Eye },
];
const RESULTS: Entry[] = [
  { href: '/reports', label: texts.reports, Icon: FileText },
  { href: '/rescans', label: texts.rescans, Icon: RotateCcw },
  { href: '/quarantine', label: texts.quarantine, Icon: Archive },
];

const SETUP: Entry[] = [
  { href: '/storages', label: texts.storages, Icon: HardDrive },
  { href: '/workflows', label: texts.workflows, Icon: Workflow },
  { href: '/engines', label: texts.engines, Icon: Bug },
];
const ADMINISTRATION: Entry[] = [
  { href: '/users', label: texts.users, Icon: Users },
  { href: '/audit', label: texts.audit, Icon: ClipboardList },
];

const Section = ({ label, entries }: { label?: string; entries: Entry[] }) => {
  const [path] = useLocation();
  return (
    <div>
      {label && (
        <Text size="xs" fw={600} c="dimmed" px="sm" mb={4}>
          {label}
        </Text>
      )}
      {entries.map(({ href, label, Icon }) => {
        const active = href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);
        return (
          <NavLink
            key={href}
            component={Link}
            href={href}
            label={label}
            active={active}
            aria-current={active ? 'page' : undefined}
            leftSection={<Icon size={18} strokeWidth={1.75} aria-hidden />}
            py={6}
            className="nav"
          />
        );
      })}
    </div>
  );
};

/** The way to every screen; what a role may not see is not listed. */
export const Navigation = () => {
  const isAdmin = useMay('admin');
  return (
    <Stack h="100%" gap="md" component="nav" aria-label={texts.nav}>
      <div className="brand-row">
        <Brand />
      </div>
      <ScrollArea flex={1} type="auto" viewportProps={{ tabIndex: 0 }}>
        <Stack gap="lg">
          <Section entries={NOW} />
          <Section label={texts.results} entries={RESULTS} />
          <Section label={texts.setup} entries={SETUP} />
          {isAdmin && <Section label={texts.administration} entries={ADMINISTRATION} />}
          <div>
            <Section entries={[{ href: '/settings', label: texts.settings, Icon: Settings }]} />
            <NavLink
              href="/api/docs"
              label={texts.api}
              leftSection={<BookOpen size={18} strokeWidth={1.75} aria-hidden />}
              py={6}
            />
          </div>
        </Stack>
      </ScrollArea>
      <Me />
    </Stack>
  );
};
