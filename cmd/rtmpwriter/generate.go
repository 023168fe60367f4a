package main

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// newGenerate is the hidden command behind `make docs`.
func newGenerate() *cobra.Command {
	return &cobra.Command{
		Use:    "generate-docs FOLDER",
		Short:  "Write the manual pages, the command line reference and the shell completions",
		Hidden: true,
		Args:   usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return generate(cmd.Root(), args[0])
		},
	}
}

func generate(root *cobra.Command, folder string) error {
	root.InitDefaultCompletionCmd()
	// The month of the release: with the day of the build the pages would
	// change with every run.
	released := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	header := &doc.GenManHeader{Title: "RTMPWRITER", Section: "1", Source: "rtmpwriter", Manual: "RTMP Writer", Date: &released}
	man, completion, reference := filepath.Join(folder, "man"), filepath.Join(folder, "completion"), filepath.Join(folder, "cli")
	for _, d := range []string{man, completion, reference} {
		if err := os.MkdirAll(d, 0o755); err != nil { //nolint:gosec // documentation is for everybody
			return err
		}
	}
	for _, write := range []func() error{
		func() error { return doc.GenManTree(root, header, man) },
		func() error { return doc.GenMarkdownTree(root, reference) },
		func() error { return generateOptionPage(filepath.Join(folder, "options.md")) },
		func() error { return root.GenBashCompletionFileV2(filepath.Join(completion, "rtmpwriter.bash"), true) },
		func() error { return root.GenZshCompletionFile(filepath.Join(completion, "_rtmpwriter")) },
		func() error { return root.GenFishCompletionFile(filepath.Join(completion, "rtmpwriter.fish"), true) },
		func() error {
			return root.GenPowerShellCompletionFileWithDesc(filepath.Join(completion, "rtmpwriter.ps1"))
		},
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

func generateOptionPage(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(writeOptionPage(f), f.Close())
}
