#!/usr/bin/perl
# The tables of codes, include/base/err.def, include/base/code.def and include/when/when_err.def:
#   check_codes.pl            rows are whole, a word has one meaning, each word that the sources use as a code has a row,
#                             and each row is used (a step of lint)
#   check_codes.pl provoked   each word is asserted in a story, where it stands and, when all APIs can say it, in the
#                             answer of each (a suite)
#
# What a code is, the sources say by their own words: what is assigned to a member or variable named ...code, ...reason
# or ...error; what is given to a function for a parameter of such a name; what a function with an out_message returns;
# and the words of a table behind the comment "codes".
use strict;
use warnings;
use FindBin;

chdir "$FindBin::Bin/.." or die;
my ($passed, @bad) = (0);

sub check {
	my ($is_fine, $what) = @_;
	$is_fine ? $passed++ : push @bad, $what;
}

sub slurp {
	my ($path) = @_;
	open my $in, '<', $path or die "$path: $!\n";
	local $/;
	return <$in>;
}

sub files {
	my ($end, @folders) = @_;
	my @all = `find @folders -name '*.$end' | sort`;
	chomp @all;
	return @all;
}

my $string = qr/"(?:[^"\\]|\\.)*"/;
my $parens = qr/(\((?:[^()"]++|$string|(?-1))*+\))/;
my $braces = qr/(\{(?:[^{}"]++|$string|(?-1))*+\})/;
my $word = qr/[a-z]+(?:_[a-z0-9]+)*/;

# --- the tables

sub rows {
	my ($path, $named) = @_;
	my (@rows, $text);

	($text = slurp($path)) =~ s{($string)|/\*.*?\*/}{$1 // ''}gse;
	while ($text =~ /^X\(((?:[^"()]|$string)*)\)\s*?$/gm) {
		my $row = $1;
		my ($name) = $row =~ /^([A-Z_| ]+?),/;
		my @texts = map { s/^"|"$//gr } $row =~ /$string/g;
		my %row = (path => $path, name => $name, texts => \@texts);
		@row{@$named} = @texts;
		push @rows, \%row;
	}
	my $count = () = $text =~ /^X\(/gm;
	check($count == @rows, "$path: a row that cannot be read");
	return @rows;
}

my @err = rows('include/base/err.def', [qw(word meaning where todo)]);
my @code = rows('include/base/code.def', [qw(word meaning where todo)]);
my @when = rows('include/when/when_err.def', [qw(word meaning todo)]);
my %known;

for my $row (@err, @code, @when) {
	my $wanted = $row->{path} =~ /when_err/ ? 3 : 4;
	my $what = "$row->{path}: " . ($row->{word} // $row->{name});
	check(@{ $row->{texts} } == $wanted, "$what: a row has $wanted texts");
	check(!(grep { !length || /\|/ } @{ $row->{texts} }), "$what: a text is empty or has a |");
	check($row->{word} =~ /^$word(?:_NNN)?$/, "$what: this is no word");
	my $other = $known{ $row->{word} };
	check(!$other || ($other->{path} ne $row->{path} && $other->{meaning} eq $row->{meaning}),
		"$what: this word has another row");
	$known{ $row->{word} } //= $row;
}

# --- the sources

# Words that no answer shows: the name of a check, what a judge says before the connection's own fault takes its place, and a
# fault after which the request is made again.
my %exempt = map { $_ => 1 } qw(idempotency_taken no_answer aborted);

my %used; # literals anywhere
my @positions; # [path, word]: literals where codes stand

sub words_in {
	my ($path, $text) = @_;
	push @positions, map { [ $path, s/^"|"$//gr ] } grep { /^"$word"$/ } $text =~ /$string/g;
}

sub arguments {
	my ($text) = @_; # with its parentheses
	my @all = ('');
	$text = substr $text, 1, -1;
	while ($text =~ /\G($string|$parens|$braces|.)/gs) {
		$1 eq ',' ? push @all, '' : ($all[-1] .= $1);
	}
	return @all;
}

# name -> positions of parameters that take a code
sub takers {
	my ($text) = @_;
	my %at;
	while ($text =~ /\b(\w+)\(([^()]*)\)/g) {
		my ($name, @parameters) = ($1, split /,/, $2);
		for my $i (0 .. $#parameters) {
			$at{$name}{$i} = 1
				if $parameters[$i] =~ /^\s*(?:const char \*|struct slice )\w*(?:code|reason|error)\s*$/;
		}
	}
	return %at;
}

sub look_at_source {
	my ($path, $text, %takes) = @_;
	$used{$_} = 1 for map { s/^"|"$//gr } $text =~ /$string/g;
	return if $path eq 'src/api/scheduler/error.c'; # its words are those of `error`, listed in its schema
	while ($text =~ /\b(\w+)(?=$parens)/g) {
		my ($name, $list) = ($1, $2);
		next if !$takes{$name};
		my @arguments = arguments($list);
		words_in($path, $arguments[$_] // '') for keys %{ $takes{$name} };
	}
	while ($text =~ /\b\w*(?:code|reason|error)\s*=(?!=)((?:[^;,{}()"]++|$string|$parens)*+)/g) {
		words_in($path, $1);
	}
	while ($text =~ /\(([^()]*\bout_message)\)\s*(?=$braces)/g) {
		my $body = $2;
		words_in($path, $1) while $body =~ /\breturn\b([^;]*);/g;
	}
	while ($text =~ /\breturn\b((?:[^;"]|$string)*);/g) {
		my $value = $1;
		words_in($path, $value) if $value =~ /^[^(]*"[a-z]+_[a-z0-9_]+"/;
	}
	words_in($path, $1) while $text =~ /__CODES__.*?=\s*$braces/g;
}

sub look_at_all {
	my (%text, %public);
	for my $path (files('[ch]', qw(src include))) {
		my $text = slurp($path);
		$text =~ s{/\* codes \*/}{ __CODES__ }g;
		$text =~ s{($string|'(?:[^'\\]|\\.)*')|/\*.*?\*/|//[^\n]*}{$1 // ' '}gse;
		$text =~ s/\s+/ /g;
		$text =~ s/" "//g; # texts in parts
		$text{$path} = $text;
		%public = (%public, takers($text)) if $path =~ /\.h$/;
	}
	for my $path (sort grep { /^src/ } keys %text) {
		look_at_source($path, $text{$path}, %public, takers($text{$path}));
	}
	for my $path (files('sql', 'sql/queries')) {
		my $text = slurp($path) =~ s/--[^\n]*//gr;
		$used{$_} = 1 for $text =~ /'($word)'/g;
		push @positions, map { [ $path, $_ ] } $text =~ /'([a-z]+_[a-z0-9_]+)'/g;
	}
	return join ' ', map { $text{$_} } grep { /^src/ } keys %text;
}

sub check_sources {
	my $all = look_at_all();
	my %enums = map { $_ => 1 } $all =~ /\b((?:ERR|WHEN)_[A-Z_0-9]+)\b/g;
	for (@positions) {
		my ($path, $name) = @$_;
		check($known{$name} || $exempt{$name}, "$path: \"$name\" is used as a code and stands in no table");
	}
	check($enums{"ERR_$_->{name}"}, "$_->{path}: nothing uses ERR_$_->{name}") for @err;
	check($enums{"WHEN_$_->{name}"}, "$_->{path}: nothing uses WHEN_$_->{name}") for @when;
	check($used{ $_->{word} =~ s/NNN/%d/r }, "$_->{path}: nothing says $_->{word}") for @code;
}

# --- the stories

# Where a word of each kind stands in an answer.
my %stands = (
	FIELD => qr/[.\]]code|^code/,
	WARNING => qr/[.\]]code/,
	RANGE => qr/[.\]]reason/,
	RUN => qr/[.\]](?:reason|error_code)/,
	ATTEMPT => qr/[.\]](?:error|error_code|last_error)/,
	MESSAGE => qr/[.\]](?:reason|error|problem)/,
);
my @dialects = ([ qr{^/v1\b}, '/v1' ], [ qr{^/api/v1\b}, '/api/v1' ], [ qr{^/api/(?:scheduler|agents|channels)\b}, '/api/scheduler' ]);

# [member, word, dialect]: what stories assert; of statements the member is "sql".
sub assertions {
	my @all;
	for my $path (files('t', 'tests/stories')) {
		my $dialect = '';
		for (split /\n/, slurp($path)) {
			next if /^\s*#/;
			if (/^(?:eventually |repeat \d+ )?(?:\@\S+ )?(?:GET|POST|PUT|PATCH|DELETE|HEAD) (\S+)/) {
				my $target = $1;
				($dialect) = map { $_->[1] } grep { $target =~ $_->[0] } @dialects;
				$dialect //= '';
			}
			push @all, map { [ 'sql', $_, '' ] } $1 =~ /\b$word\b/g if /^(?:eventually )?sql .* == (.*)$/;
			push @all, [ $1, $2, $dialect ] while /(\S+) == "?($word)"?(?=\s|$)/g;
			push @all, [ ".$1", $2, $dialect ] while /\[(code)=($word)\]/g;
		}
	}
	return @all;
}

sub check_provoked {
	my @all = assertions();
	my %said; # by word
	push @{ $said{ $_->[1] } }, $_ for @all;
	for my $row (@err) {
		# Below /api/scheduler the code of this one is the first fault's own.
		my $member = $row->{word} eq 'validation_error' ? qr/[.\]](?:code|error)$/ : qr/[.\]]code$/;
		my @here = grep { $_->[0] =~ $member } @{ $said{ $row->{word} } // [] };
		my @wanted = $row->{where} =~ /^any\b/ ? map { $_->[1] } @dialects : ();
		check(@here > 0, "$row->{word}: no story has .code == $row->{word}");
		for my $dialect (@wanted) {
			check(scalar(grep { $_->[2] eq $dialect } @here),
				"$row->{word}: no story has .code == $row->{word} from $dialect");
		}
	}
	for my $row (@code, @when) {
		my $pattern = $row->{word} =~ s/NNN/[0-9]{3}/r;
		my @here = map { @{ $said{$_} } } grep { /^$pattern$/ } keys %said;
		# What goes wrong with a connection is one and the same for deliveries and messages.
		for my $kind ($row->{path} =~ /when_err/ ? 'FIELD' : split / \| /, $row->{name} =~ s/ATTEMPT \| MESSAGE/ATTEMPT/r) {
			my $where = $stands{$kind} or die "$row->{word}: no kind $kind\n";
			my $is_there = grep { $_->[0] =~ /(?:$where)$/ || $_->[0] eq 'sql' && $kind =~ /RUN|ATTEMPT|MESSAGE/ } @here;
			check($is_there, "$row->{word}: no story asserts it as $kind");
		}
	}
}

my $is_suite = @ARGV && $ARGV[0] eq 'provoked';
$is_suite ? check_provoked() : check_sources();
my %seen;
print "$_\n" for grep { !$seen{$_}++ } @bad;
printf "%d passed, %d failed\n", $passed, scalar @bad if $is_suite;
exit(@bad ? 1 : 0);
