"""Given names common in many languages, in lower case without accents.

They are evidence and no proof: few values have to be among them, and the rest only look alike.
Names that are foremost words, months, places or brands (May, Mark, Paris, Mercedes) are left out.
"""

from typing import Final

from registry.privacy.words import words

GIVEN_NAMES: Final = words(
    """
    aaron abdul abdullah abigail abraham adaeze adam adele adrian adriana adriano agata agnes
    agnieszka ahmad ahmed aidan aiko aino aisha akira alan alana albert alberto alejandra
    alejandro aleksander aleksandra alena alessandra alessandro alessia alex alexander alexandra
    alexandre alexei alexis alfonso alfred alfredo ali alice alicia alina alison allison alma
    alvaro amanda amara amelia amelie amina amir amit amy ana ananya anastasia anatoly anders
    andre andrea andreas andrei andres andrew andrzej angela angelika angelo anibal anika anil
    anita anja anjali ankit ann anna anne anneliese annette annika anouk anthony antoine anton
    antonia antonio anya aoife ariana arjun armando arnaud arne arthur arturo arun arvid asha
    ashley astrid audrey aurelie axel ayesha ayse barbara bart bastian beata beatrice beatriz
    ben benedikt benjamin bernard bernd bernhard bert beth bettina bianca billy bjorn blanca bob
    bobby bogdan boris bram brandon brenda brian bridget brigitte bruno bryan caleb camila
    camille candice carl carla carlo carlos carmen carol carolina caroline carolyn catalina
    catherine cathy cecilia cedric celine chantal charles charlie charlotte chen chiara chinwe
    chloe chris christa christian christiane christina christine christoph christophe
    christopher chukwuemeka ciara claire clara clarissa claude claudia clement colin connor
    constance corinna craig cristina cynthia cyril dagmar daisuke dalia dan dana daniel daniela
    danielle danny danuta darius darren dave david davide deborah deepak deepika delphine denis
    denise dennis derek diana diane dick diego dieter dimitri dirk dmitri dmitry domingo dominik
    dominique donald donna doris dorothy douglas duarte duncan dylan eddie eduardo edward edwin
    eileen ekaterina elaine eleanor elena elias elif elijah elin elisa elisabeth elise elizabeth
    ella ellen eloise elsa emeka emilia emiliano emilie emily emma emmanuel enrico enrique eric
    erica erik erika ernst esra essam esteban esther ethan eugene eva evan eve evelyn ewa ezra
    fabian fabio fabrice farah fatima fatma federica federico felicia felix femi femke fernanda
    fernando filip fiona florence florian frances francesca francesco francis francisco francois
    frank franz fred freddie frederic frederik friedrich gabriel gabriela gabriele gareth gary
    gaston gavin geoffrey george georgia gerald gerard gerhard gertrud gianluca gilbert gilberto
    gina giorgio giovanni giulia giuseppe glenn gloria goncalo gonzalo gordon graham grazyna
    greg gregory greta guido guillaume guillermo gunnar gunther gustavo habib hamza hana hanna
    hannah hannes hans harald haruto hassan heather hector heidi heike heinrich heinz helen
    helena helene helga helmut hendrik henri henrik henry herbert hermann hilda hiroshi holger
    hossein hugo huong hussein ian ibrahim ida ignacio igor ikram ilse imran ines ingeborg ingo
    ingrid inigo irena irene irina isaac isabel isabella isabelle ishaan ismail ivan ivana jack
    jackson jacob jacqueline jacques jakob jakub james jamie jan jana jane janet janice janina
    jared jarmo jasmin jasmine jason jaume javier jean jeff jeffrey jelena jennifer jenny jens
    jeremy jeroen jerome jesper jessica jesus jiho jill jim jimmy joan joana joanna joao joaquin
    joe joel johan johanna johannes john johnny jonas jonathan joost jordi jorge jose josef
    joseph josephine joshua joyce juan judith juhani julia julian juliana julie julien juliette
    jun jurgen justin justyna kai kamal kamil karen karim karin karina karl karla karolina
    katarina kate katharina katherine kathleen kathryn kathy katie katja katrin kavya kazuki
    keiko keith kelly ken kenji kenneth kerstin kevin khadija khalid kiran klaus kofi konrad
    konstantin krishna kristen kristian kristin kristina krzysztof kumar kurt kwame kyle laila
    lakshmi larissa lars laszlo latoya laura lauren laurence laurent layla lea leah leila lena
    leo leon leonard leonardo leonie lerato leslie leticia lewis liam liang lidia liesbeth
    lilian liliana linda ling linh linnea lionel lisa liu livia logan loic lorena lorenzo lotte
    louis louise luc luca lucas lucia lucie lucy ludmila ludwig luis luisa luiz lukas lukasz
    luke lurdes lydia lyudmila maarten maciej magdalena maggie magnus mahmoud maja malik malin
    manfred manuel manuela marc marcel marcelo marcin marco marcos marcus marek margaret
    margarita margot maria mariam mariana marianne marie marina mario marion marisa marius
    marjorie marlene marta martha martin martina mary maryam masako mateo mateus mateusz mathias
    mathieu mathilde matias matteo matthew matthias matthieu matti maurice mauricio max maxence
    maxime maximilian mehmet mei melanie melissa meredith mia michael michal michel michelle
    miguel mika mikael mike mikhail milan milena milos minh minjun mireia miriam mohamed
    mohammad mohammed monica monika monique montserrat morgan moritz muhammad mustafa mustapha
    myriam nadia nadine nancy naomi natalia natalie natalya natasha nathalie nathan neha neil
    nele nelson ngozi nguyen nia nicholas nick nicola nicolas nicole niels nikhil nikita niklas
    nikola nikolai nikolaus nils nina nisha noah noemi nora norbert norma nuria odile olaf
    oleksandr olena olga oliver olivia olivier omar omid oriol oscar oskar osman otto ovidiu
    owen pablo paivi pamela paola paolo pascal patricia patrick patrik paul paula paulina
    pauline paulo pavel pawel pedro peggy penelope per pete peter petra phil philip philipp
    philippe phillip pia pierre pieter pilar piotr priya quentin rachel radek rafael rahul
    rainer raj rajesh ralf ralph ramon ramona randy raoul raphael raquel rashid raul ravi
    raymond rebecca regina reinhard renata renate rene renee reza ricardo riccardo richard rita
    robert roberta roberto robin rocio rodrigo roger rohan roland rolf roman ronald rosa
    rosemary roxana ruben rudolf rui russell ruth ryan sabine sabrina said sakshi sakura salma
    salvatore sam samantha samir samuel sandeep sander sandra sandro sanjay sanne santiago sara
    sarah sascha satoshi scott sean sebastian selina seojun serena serge sergei sergey sergio
    seth shane shannon sharon shaun shawn sheila shreya siddharth siegfried sigrid sigurd silvia
    simon simona simone sinead siobhan sipho sofia sofie solveig sonia sonja sophia sophie soren
    stacy stanislav stefan stefania stefanie stefano steffen stephan stephane stephanie stephen
    steve steven stuart sunil sunita suresh susan susana susanne suzanne sven svetlana swati
    sylvain sylvia sylvie takashi takumi tamara tammy tania tanja tariq tatiana ted terence
    teresa thabo thanh theo theodor theresa therese thierry thomas thorsten tiago tilda tim timo
    timothy tina tobias todd tom tomas tomasz tommaso tommy tony torbjorn torsten travis trevor
    tristan tunde tyler uli ulrich ulrike ursula uwe valentin valentina valeria valerie vanessa
    vasco vera veronica veronika vicente victor victoria vikram viktor viktoria vincent vincenzo
    viola virginie vivian vladimir volker volodymyr walter wanda wang wei wendy werner wiktor
    wilhelm william wojciech wolfgang xabier xavier ximena yan yann yannick yasmin yasmine
    yolanda yosef youssef yuki yuko yulia yuna yuri yusuf yves yvonne zachary zahra zainab
    zbigniew zeynep zhang zoe zofia zsofia zuzana
    """
)
