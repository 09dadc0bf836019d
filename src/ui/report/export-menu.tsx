import { Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { ChevronDown, Download } from 'lucide-react';
import { useAct } from '../data/act';
import { useProgram } from '../data/program';
import { reportTexts as texts } from '../texts/report';
import { type Filter, writeFilter } from './filter';

type Format = 'csv' | 'json' | 'pdf';
const FORMATS: Format[] = ['csv', 'json', 'pdf'];

const nameOf = (response: Response, format: Format): string => {
  const disposition = response.headers.get('Content-Disposition') ?? '';
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  if (encoded !== undefined) return decodeURIComponent(encoded);
  return /filename="([^"]+)"/.exec(disposition)?.[1] ?? `report.${format}`;
};

const saveAs = (blob: Blob, name: string): void => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser takes it when it has time.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

/** Saves the report, or what the filter shows of it, as a file. */
export const ExportMenu = ({ scanId, filter }: { scanId: string; filter: Filter }) => {
  const { session } = useProgram();
  const save = useAct({
    run: async (format: Format) => {
      notifications.show({ id: 'export', message: texts.exporting, loading: true, autoClose: false });
      try {
        const query = writeFilter(filter);
        query.set('format', format);
        const response = await session.fetch(`/api/scan/${scanId}/report?${query}`);
        const name = nameOf(response, format);
        saveAs(await response.blob(), name);
        return name;
      } finally {
        notifications.hide('export');
      }
    },
    done: texts.exported,
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          loading={save.isPending}
          leftSection={<Download size={16} aria-hidden />}
          rightSection={<ChevronDown size={14} aria-hidden />}
        >
          {texts.export}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{texts.exportScope(Object.keys(filter).length > 0)}</Menu.Label>
        {FORMATS.map((format) => (
          <Menu.Item key={format} onClick={() => save.mutate(format)}>
            {texts.exportAs[format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
};
