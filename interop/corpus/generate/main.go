// Command generate makes the corpus ahead of the tests and lists its files.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"rtmpwriter/interop/corpus"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	dir, err := corpus.Dir()
	if err != nil {
		return err
	}
	files, err := corpus.Build(ctx, dir)
	if err != nil {
		return err
	}
	for _, c := range corpus.Clips() {
		fmt.Println(c.Name, files[c.Name])
	}
	return nil
}
