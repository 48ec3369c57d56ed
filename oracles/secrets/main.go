// Command secrets tells which rules of a gitleaks config find a secret in a text.
//
// The first line on standard input is the config as JSON; each line after it is a text as a JSON string. For each
// text it prints one line, the identifiers of the rules that find something in it: ["github-pat"]. Keywords,
// expressions, groups, entropy and allowlists count as gitleaks' documentation says; decoding and commits do not.
// The text counts as a part of a file `manifest.yaml`. The expressions are Go's, so Go's own regexp reads them.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"math"
	"os"
	"regexp"
	"strings"
)

type allowlist struct {
	Regexes     []string `json:"regexes"`
	RegexTarget string   `json:"regexTarget"`
	Stopwords   []string `json:"stopwords"`
	Paths       []string `json:"paths"`
	compiled    []*regexp.Regexp
}

type rule struct {
	ID          string      `json:"id"`
	Regex       string      `json:"regex"`
	Path        string      `json:"path"`
	SecretGroup int         `json:"secretGroup"`
	Entropy     float64     `json:"entropy"`
	Keywords    []string    `json:"keywords"`
	Allowlists  []allowlist `json:"allowlists"`
	compiled    *regexp.Regexp
}

type config struct {
	Rules      []rule      `json:"rules"`
	Allowlist  allowlist   `json:"allowlist"`
	Allowlists []allowlist `json:"allowlists"`
}

func (a *allowlist) compile() {
	for _, expression := range a.Regexes {
		a.compiled = append(a.compiled, regexp.MustCompile(expression))
	}
}

func (a *allowlist) allows(secret, match, text string) bool {
	if len(a.Paths) > 0 {
		return false
	}
	target := map[string]string{"match": match, "line": text}[a.RegexTarget]
	if target == "" {
		target = secret
	}
	for _, expression := range a.compiled {
		if expression.MatchString(target) {
			return true
		}
	}
	for _, word := range a.Stopwords {
		if strings.Contains(strings.ToLower(secret), strings.ToLower(word)) {
			return true
		}
	}
	return false
}

// secret returns the group that a rule names, or the first one that is not empty, or the whole match.
func (r *rule) secret(groups []string) string {
	if r.SecretGroup > 0 {
		return groups[r.SecretGroup]
	}
	for _, group := range groups[1:] {
		if group != "" {
			return group
		}
	}
	return groups[0]
}

func (r *rule) finds(text string, global []allowlist) bool {
	if r.compiled == nil || !r.hasKeyword(text) {
		return false
	}
	for _, groups := range r.compiled.FindAllStringSubmatch(text, -1) {
		secret := r.secret(groups)
		allowed := r.Entropy > 0 && entropy(secret) <= r.Entropy
		for _, lists := range [][]allowlist{global, r.Allowlists} {
			for index := range lists {
				allowed = allowed || lists[index].allows(secret, groups[0], text)
			}
		}
		if !allowed {
			return true
		}
	}
	return false
}

func (r *rule) hasKeyword(text string) bool {
	for _, keyword := range r.Keywords {
		if strings.Contains(strings.ToLower(text), strings.ToLower(keyword)) {
			return true
		}
	}
	return len(r.Keywords) == 0
}

// entropy returns Shannon's entropy in bits per character.
func entropy(text string) float64 {
	counts := map[rune]int{}
	for _, char := range text {
		counts[char]++
	}
	total := 0.0
	for _, count := range counts {
		share := float64(count) / float64(len(text))
		total -= share * math.Log2(share)
	}
	return total
}

func main() {
	in := json.NewDecoder(bufio.NewReader(os.Stdin))
	var all config
	if err := in.Decode(&all); err != nil {
		log.Fatal(err)
	}
	global := append(all.Allowlists, all.Allowlist)
	for index := range global {
		global[index].compile()
	}
	for index := range all.Rules {
		one := &all.Rules[index]
		if one.Regex != "" && regexp.MustCompile(one.Path).MatchString("manifest.yaml") {
			one.compiled = regexp.MustCompile(one.Regex)
		}
		for list := range one.Allowlists {
			one.Allowlists[list].compile()
		}
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.More() {
		var text string
		if err := in.Decode(&text); err != nil {
			log.Fatal(err)
		}
		found := []string{}
		for index := range all.Rules {
			if all.Rules[index].finds(text, global) {
				found = append(found, all.Rules[index].ID)
			}
		}
		line, err := json.Marshal(found)
		if err != nil {
			log.Fatal(err)
		}
		out.Write(append(line, '\n'))
	}
}
