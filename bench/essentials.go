package main

import "slices"

// essentials are what the quick bench does, by contests: who takes part, and how
// often.
var essentials = map[string]struct {
	rounds  int
	entries []string
}{
	"flv":      {3, []string{ours, ours + nothingHeld, floorGo, librtmp, ffmpeg}},
	"mp4":      {1, []string{ours, ffmpeg}},
	"mpeg-ts":  {1, []string{ours, ffmpeg}},
	"live":     {2, []string{ours, ffmpeg}},
	"many":     {1, []string{library, lal}},
	"latency":  {2, []string{library + noBuffer, library + defaultBuffer, floorGo}},
	"start-up": {3, []string{ours, ffmpeg}},
	"growth":   {1, []string{library}},
}

// essential leaves of all contests what is essential.
func essential(all []*contest) []*contest {
	return slices.DeleteFunc(all, func(c *contest) bool {
		e, ok := essentials[c.name]
		c.rounds = e.rounds
		c.entries = slices.DeleteFunc(c.entries, func(entry *entry) bool { return !slices.Contains(e.entries, entry.name) })
		c.targets = slices.DeleteFunc(c.targets, func(t target) bool { return !slices.Contains(e.entries, t.ours) })
		return !ok
	})
}
